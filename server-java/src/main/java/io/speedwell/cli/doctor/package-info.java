/**
 * {@code speedwell doctor}: what of this machine would trouble a server, and the remedy. Floor 6.
 */
package io.speedwell.cli.doctor;
