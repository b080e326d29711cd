/*
 * Compile-time options of the core. Give them to the compiler (-DSPW_CRC_TABLE=256), or change them here.
 * None changes what is on the wire.
 */
#ifndef SPEEDWELL_OPTIONS_H
#define SPEEDWELL_OPTIONS_H

/* Entries of the CRC-32C table: 16 (64 bytes of constants) or 256 (1 KB, twice as fast or better). */
#ifndef SPW_CRC_TABLE
#define SPW_CRC_TABLE 16
#endif

/* Bytes of an update that are encoded and summed in one slice, and elements of a base remembered in one slice:
 * a multiple of 4. It bounds the time of the slices between training and upload. */
#ifndef SPW_SLICE_BYTES
#define SPW_SLICE_BYTES 1024
#endif

/* Frames handled or made in one exchange with the stream; a call of spw_client_step makes two exchanges at most. */
#ifndef SPW_FRAMES_PER_STEP
#define SPW_FRAMES_PER_STEP 16
#endif

#if (SPW_CRC_TABLE != 16) && (SPW_CRC_TABLE != 256)
#error "SPW_CRC_TABLE must be 16 or 256"
#endif
#if (SPW_SLICE_BYTES < 64) || ((SPW_SLICE_BYTES % 4) != 0)
#error "SPW_SLICE_BYTES must be a multiple of 4 and at least 64"
#endif
#if SPW_FRAMES_PER_STEP < 2
#error "SPW_FRAMES_PER_STEP must be at least 2"
#endif

#endif
