/**
 * The plan: what a run learns and by which rules, read from YAML. Every key stands in {@link
 * io.speedwell.run.plan.PlanKeys} and in docs/plan.md.
 */
package io.speedwell.run.plan;
