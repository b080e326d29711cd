package io.speedwell.model.file;

import java.util.List;

/**
 * What a file says of one tensor.
 *
 * @param name its name
 * @param type element type as the file's format names it
 * @param shape dimensions
 * @param position of the first data byte in the file, or in its member of the archive
 * @param bytes of its data
 */
public record TensorHeader(String name, String type, List<Long> shape, long position, long bytes) {}
