/*
 * Compile-time options of the core: all there are. Give them to the compiler of the core (-DSPW_CRC_TABLE=256), or
 * change them here. None changes what is on the wire, nor the size of a public type: an application need not know them.
 *
 *   option               default  legal                      trades
 *   SPW_CRC_TABLE             16  16, 256                    1 KB of constants for twice the speed of the checksum
 *   SPW_SLICE_BYTES        1,024  64..65,536, multiple of 4  the longest slice between training and upload
 *   SPW_FRAMES_PER_STEP       16  2..1,024                   the longest step while frames come and go
 *
 * What they come to in instructions is in FOOTPRINT.md. What depends on the compiler is in src/compiler.h.
 */
#ifndef SPEEDWELL_OPTIONS_H
#define SPEEDWELL_OPTIONS_H

/* Entries of the CRC-32C table: 16 (64 bytes of constants) or 256 (1 KB, twice as fast or better). */
#ifndef SPW_CRC_TABLE
#define SPW_CRC_TABLE 16
#endif
#if (SPW_CRC_TABLE != 16) && (SPW_CRC_TABLE != 256)
#error "SPW_CRC_TABLE must be 16 or 256"
#endif

/* Bytes of an update that are encoded and summed in one slice, and of a base remembered in one slice. It bounds the
 * time of the slices between training and upload. */
#ifndef SPW_SLICE_BYTES
#define SPW_SLICE_BYTES 1024
#endif
#if (SPW_SLICE_BYTES < 64) || (SPW_SLICE_BYTES > 65536) || ((SPW_SLICE_BYTES % 4) != 0)
#error "SPW_SLICE_BYTES must be a multiple of 4 in 64..65536"
#endif

/* Frames handled or made in one exchange with the stream; a call of spw_client_step makes two exchanges at most. */
#ifndef SPW_FRAMES_PER_STEP
#define SPW_FRAMES_PER_STEP 16
#endif
#if (SPW_FRAMES_PER_STEP < 2) || (SPW_FRAMES_PER_STEP > 1024)
#error "SPW_FRAMES_PER_STEP must be in 2..1024"
#endif

#endif
