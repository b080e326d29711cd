package io.speedwell.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import io.speedwell.admin.EventLog;
import io.speedwell.run.RunListener;
import java.io.PrintWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a server tells what happens. */
enum LogForm {
  /** Lines for people on standard output; what goes wrong below runs on standard error. */
  TEXT {
    @Override
    void begin() {
      // as logback.xml has it
    }

    @Override
    RunListener listener(PrintWriter out) {
      return new ConsoleListener(out);
    }

    @Override
    void say(PrintWriter out, String line) {
      out.println("speedwell: " + line);
    }
  },

  /** Everything on standard output, one JSON object a line. */
  JSON {
    @Override
    void begin() {
      LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
      JsonEncoder encoder = new JsonEncoder();
      encoder.setContext(context);
      encoder.setWithSequenceNumber(false);
      encoder.setWithNanoseconds(false);
      encoder.setWithContext(false);
      encoder.setWithMessage(false);
      encoder.setWithArguments(false);
      encoder.setWithFormattedMessage(true);
      encoder.setWithMDC(false);
      encoder.start();
      ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
      appender.setContext(context);
      appender.setEncoder(encoder);
      appender.start();
      ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
      Level level = Level.toLevel(System.getenv(LEVEL), Level.INFO);
      root.detachAndStopAllAppenders();
      root.addAppender(appender);
      root.setLevel(level.isGreaterOrEqual(Level.INFO) ? Level.WARN : level);
      context.getLogger("speedwell").setLevel(level);
      context.getLogger("io.speedwell").setLevel(level);
    }

    @Override
    RunListener listener(PrintWriter out) {
      return EventLog.listener();
    }

    @Override
    void say(PrintWriter out, String line) {
      LoggerFactory.getLogger("speedwell.server").info(line);
    }
  };

  private static final String LEVEL = "SPEEDWELL_LOG_LEVEL";

  /** From here on what is logged has this form. */
  abstract void begin();

  /** Tells of runs and devices. */
  abstract RunListener listener(PrintWriter out);

  /** Tells of the server itself. */
  abstract void say(PrintWriter out, String line);
}
