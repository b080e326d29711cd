/** Layouts, parameters, updates and the files that hold them. Floor 0: knows no other room. */
package io.speedwell.model;
