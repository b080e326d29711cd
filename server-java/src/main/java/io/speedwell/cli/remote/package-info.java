/** Commands that speak to a running server over its admin port. Floor 6. */
package io.speedwell.cli.remote;
