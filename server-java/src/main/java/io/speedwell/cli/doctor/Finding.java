package io.speedwell.cli.doctor;

/**
 * What one check found. Immutable.
 *
 * @param verdict how it stands
 * @param subject what was looked at
 * @param found what there is
 * @param remedy what to do; empty when nothing is to be done
 */
record Finding(Verdict verdict, String subject, String found, String remedy) {
  enum Verdict {
    OK,
    WARN,
    FAIL
  }

  static Finding ok(String subject, String found) {
    return new Finding(Verdict.OK, subject, found, "");
  }

  static Finding warn(String subject, String found, String remedy) {
    return new Finding(Verdict.WARN, subject, found, remedy);
  }

  static Finding fail(String subject, String found, String remedy) {
    return new Finding(Verdict.FAIL, subject, found, remedy);
  }
}
