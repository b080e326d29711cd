/**
 * Plan to rounds to checkpoints; resume; the serial mailbox that owns fleet and runs, and the ports
 * that other rooms implement for it. Floor 4: executors and time are injected.
 */
package io.speedwell.run;
