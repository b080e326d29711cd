/**
 * The Java binding of the C client: the one place where Java calls the device's C. Simulation and
 * the test harness both stand on it.
 */
package io.speedwell.jna;
