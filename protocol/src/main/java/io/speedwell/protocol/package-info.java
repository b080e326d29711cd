/**
 * The Speedwell protocol on the JVM: the classes generated from {@code speedwell.proto}, and what
 * stands beside them in {@code PROTOCOL.md} - frames, strictness, the checksum and the formats of
 * blobs.
 *
 * <p>Nothing here knows a network library, a clock or a thread. Types are immutable, or say that
 * they are not.
 */
package io.speedwell.protocol;
