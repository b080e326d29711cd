/**
 * The admin port: health, metrics, runs over HTTP, events, for operators and their scripts. Floor
 * 5. It knows runs and stores by the interfaces of {@code run}; what it shows of other rooms is
 * handed to it where the server is put together.
 */
package io.speedwell.admin;
