/**
 * Netty: frames in and out of sessions, bounded in every direction. Floor 5: the real driver of
 * sessions. Every class here is confined to one channel's event loop unless it says otherwise.
 */
package io.speedwell.gateway;
