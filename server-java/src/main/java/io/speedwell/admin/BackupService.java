package io.speedwell.admin;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.speedwell.run.StoreException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Backups of the running server. Thread-safe. */
final class BackupService {
  private final Backups backups;

  BackupService(Backups backups) {
    this.backups = backups;
  }

  /** Makes one in the folder named by {@code to}, on the server's machine. */
  HttpResponse make(ServiceRequestContext context, HttpRequest request) {
    Path folder = folder(Queries.text(context, "to", ""));
    context.clearRequestTimeout(); // as long as the copying takes
    return Blocking.reply(
        context,
        () -> {
          try {
            return Replies.json(HttpStatus.CREATED, backups.make(folder));
          } catch (StoreException e) {
            throw new AdminException(HttpStatus.CONFLICT, e.getMessage());
          }
        });
  }

  private static Path folder(String text) {
    try {
      Path folder = Path.of(text);
      if (folder.isAbsolute()) {
        return folder;
      }
    } catch (InvalidPathException e) {
      // said below
    }
    throw new AdminException(
        HttpStatus.BAD_REQUEST, "to=%s: the absolute path of a folder is wanted".formatted(text));
  }
}
