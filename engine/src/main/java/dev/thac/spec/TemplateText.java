package dev.thac.spec;

/**
 * Text with {@code {{ path }}} placeholders as written in a file; parsed by {@code expression}.
 *
 * @param text the source
 */
public record TemplateText(String text) {}
