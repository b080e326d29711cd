/** The command line, and the only place where the server's rooms are wired together. Floor 6. */
package io.speedwell.cli;
