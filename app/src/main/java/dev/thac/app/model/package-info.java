/** Which models a command talks to: the providers' or the simulator. */
@NullMarked
package dev.thac.app.model;

import org.jspecify.annotations.NullMarked;
