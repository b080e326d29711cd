/**
 * One round as a pure state machine: events in, actions out. Floor 2: knows no device but by its
 * id.
 */
package io.speedwell.round;
