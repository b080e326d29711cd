package io.speedwell.session;

import java.util.Optional;

/**
 * What is known of a task from an earlier connection of its device.
 *
 * @param acceptedUpdateId update id of the result that was accepted; 0: none was
 * @param partial an upload that broke off; the session takes it, or leaves it with who offered it
 */
public record Resume(int acceptedUpdateId, Optional<PartialUpload> partial) {
  /** A task the device was never given. */
  public static final Resume NOTHING = new Resume(0, Optional.empty());
}
