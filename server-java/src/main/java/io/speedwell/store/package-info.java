/**
 * What is durable: checkpoint files and rows. Implements the ports of {@code run}. Floor 5.
 *
 * <p>A data folder holds {@code lock}, {@code speedwell.mv.db} (H2) and {@code checkpoints/}, one
 * safetensors file for each committed round, named by its SHA-256.
 */
package io.speedwell.store;
