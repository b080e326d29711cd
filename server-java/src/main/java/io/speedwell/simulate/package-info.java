/**
 * Virtual time, links and devices: the other driver of sessions. What runs here is the production
 * session, round and run. Floor 5.
 */
package io.speedwell.simulate;
