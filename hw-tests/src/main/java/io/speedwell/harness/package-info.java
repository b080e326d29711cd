/**
 * The test harness: the C client, the same that is flashed, against the fleet server's production
 * classes, in virtual time or over TCP.
 */
package io.speedwell.harness;
