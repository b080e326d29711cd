/**
 * One device's protocol state machine: {@code on(event, now)} gives actions, {@code deadline()} the
 * next time to call. Floor 3: knows protobuf, not Netty; no clock, no thread, no randomness.
 */
package io.speedwell.session;
