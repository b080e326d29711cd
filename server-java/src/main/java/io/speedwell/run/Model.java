package io.speedwell.run;

import io.speedwell.model.Parameters;
import io.speedwell.session.Blob;
import java.nio.ByteBuffer;

/**
 * The global model as a run works with it: the parameters, the bytes that go down, the values
 * updates are measured against. Made once a round. Immutable by convention.
 */
final class Model {
  private final Parameters parameters;
  private final byte[] strategyState;
  private final Offers offers;
  private final ByteBuffer bytes;
  private final float[] base;
  private Blob blob;
  private int blobRound = -1;

  Model(Parameters parameters, byte[] strategyState, Offers offers) {
    this.parameters = parameters;
    this.strategyState = strategyState;
    this.offers = offers;
    this.bytes = Offers.bytes(parameters);
    this.base = parameters.updateValues();
  }

  Parameters parameters() {
    return parameters;
  }

  byte[] strategyState() {
    return strategyState;
  }

  float[] base() {
    return base;
  }

  /**
   * The parameters as a blob of tasks of this round; its checksum is made once as long as the round
   * is the same.
   */
  Blob blob(int round) {
    if (round != blobRound) {
      blob = offers.model(bytes, round);
      blobRound = round;
    }
    return blob;
  }
}
