/**
 * Strategies and their exact accumulators: the new model is a function of the set of updates, the
 * same bits for any order and any split. Floor 1: knows the model only.
 */
package io.speedwell.aggregate;
