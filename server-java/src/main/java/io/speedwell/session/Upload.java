package io.speedwell.session;

/** One result on its way in. */
final class Upload {
  private final Reservation reservation;

  Upload(Reservation reservation) {
    this.reservation = reservation;
  }

  Reservation reservation() {
    return reservation;
  }
}
