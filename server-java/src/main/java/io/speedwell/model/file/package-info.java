/**
 * Files that hold a model: safetensors and npz, read and written; C headers, written. Readers trust
 * nothing: every length, offset and shape is checked before memory is taken for it, and errors name
 * file and tensor.
 */
package io.speedwell.model.file;
