package io.speedwell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {

  @ParameterizedTest
  @CsvSource({"0,0,0", "1000,1000,1000", "64K,65536,64K", "1048576,1048576,1M", "2G,2147483648,2G"})
  void readsAndWritesSizes(String text, long bytes, String written) {
    ByteSize size = new ByteSize.Converter().convert(text);
    assertThat(size.bytes()).isEqualTo(bytes);
    assertThat(size).hasToString(written);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5M", "M", "1T", "12345678901234"})
  void refusesWhatIsNoSize(String text) {
    assertThatThrownBy(() -> new ByteSize.Converter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:7700,127.0.0.1:7700",
    "[::1]:80,[0:0:0:0:0:0:0:1]:80",
    "127.0.0.9:0,127.0.0.9:0"
  })
  void readsAndWritesAddresses(String text, String written) {
    assertThat(Address.format(new Address.Converter().convert(text))).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7700", "127.0.0.1", "::1:80", "127.0.0.1:70000", "host.invalid:1"})
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> new Address.Converter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'");
  }
}
