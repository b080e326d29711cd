/**
 * Load on a fleet server, from a process of its own: many devices that speak the protocol without a
 * client behind them, well-behaved ones and others. For tests and measurements.
 */
package io.speedwell.load;
