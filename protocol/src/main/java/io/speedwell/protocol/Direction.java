package io.speedwell.protocol;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;

/** Which way a message goes, and with it the outer message type. */
public enum Direction {
  /** From a device: {@link ToServer}. */
  TO_SERVER(ToServer.getDescriptor(), ToServer.parser()),
  /** From the server: {@link ToDevice}. */
  TO_DEVICE(ToDevice.getDescriptor(), ToDevice.parser());

  private final Descriptor descriptor;
  private final Parser<? extends Message> parser;

  Direction(Descriptor descriptor, Parser<? extends Message> parser) {
    this.descriptor = descriptor;
    this.parser = parser;
  }

  /** The outer message type. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /**
   * The stock parser of the outer message; to be used on what a {@link StrictReader} found
   * well-formed.
   */
  public Parser<? extends Message> parser() {
    return parser;
  }
}
