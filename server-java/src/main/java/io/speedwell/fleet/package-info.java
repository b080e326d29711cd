/**
 * Devices: identity, abilities, conditions, presence, selection. Floor 2: knows neither protobuf
 * nor sessions.
 */
package io.speedwell.fleet;
