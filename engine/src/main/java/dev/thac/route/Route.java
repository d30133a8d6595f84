package dev.thac.route;

import dev.thac.event.Event;
import dev.thac.event.Header;
import dev.thac.expression.Condition;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.expression.Formula;
import dev.thac.expression.Template;
import dev.thac.spec.TemplateText;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A compiled route. */
record Route(
        String to,
        @Nullable Condition when,
        @Nullable Formula key,
        @Nullable Formula partition,
        Map<String, Template> headers,
        Emit emit) {

    static Route compile(RouteSpec spec) throws ExpressionException {
        Map<String, Template> headers = new LinkedHashMap<>();
        for (Map.Entry<String, TemplateText> header : spec.headers().entrySet()) {
            headers.put(header.getKey(), Template.parse(header.getValue().text()));
        }
        return new Route(
                spec.to(),
                spec.when().isPresent() ? Expressions.condition(spec.when().get().text()) : null,
                spec.key().isPresent() ? Expressions.formula(spec.key().get().text()) : null,
                spec.partition().isPresent()
                        ? Expressions.formula(spec.partition().get().text())
                        : null,
                headers,
                spec.emit());
    }

    /** This route's headers after the others; they replace headers of the same name. */
    List<Header> headers(Event event, List<Header> others) {
        List<Header> all = new ArrayList<>(others.size() + headers.size());
        for (Header other : others) {
            if (!headers.containsKey(other.key())) {
                all.add(other);
            }
        }
        headers.forEach((name, template) -> all.add(Header.text(name, template.render(event))));
        return all;
    }
}
