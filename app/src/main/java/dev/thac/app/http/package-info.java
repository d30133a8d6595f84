/** What a running process shows over HTTP: metrics, status, a page. Read-only. */
@NullMarked
package dev.thac.app.http;

import org.jspecify.annotations.NullMarked;
