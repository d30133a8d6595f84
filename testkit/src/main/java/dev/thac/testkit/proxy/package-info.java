/** A TCP proxy in this process that goes wrong as told. */
@NullMarked
package dev.thac.testkit.proxy;

import org.jspecify.annotations.NullMarked;
