/**
 * {@code speedwell demo}: a fleet of device processes learns handwritten digits on this machine.
 */
package io.speedwell.cli.demo;
