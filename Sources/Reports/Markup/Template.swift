internal import Mustache

/// A Mustache template that escapes what stands between two braces.
///
/// Its values are the stored properties of any struct, by name. Between three braces belongs `HTML` and nothing else.
/// A property that is nil is looked for in the values around it: write `{{.name}}` where those have one of that name.
package struct Template: Sendable {
    private let template: Result<MustacheTemplate, ReportError>

    /// - Parameter text: Mustache, whose errors show in `render`.
    package init(_ text: String) {
        _ = Self.escaping
        template = Result { () throws(ReportError) -> MustacheTemplate in
            do {
                return try MustacheTemplate(string: "{{% CONTENT_TYPE:\(Self.contentType) }}\n" + text)
            } catch {
                throw ReportError(.template, "a page's template cannot be read", cause: "\(error)")
            }
        }
    }

    /// The template with `values` in it.
    /// - Throws: `ReportError.template` if its text is not Mustache.
    package func render(_ values: some Sendable) throws(ReportError) -> HTML {
        .rendered(try template.get().render(values))
    }

    private static let contentType = "SORA-HTML"

    /// The library escapes by characters, which lets a quote with a combining accent through: we escape by scalars.
    private static let escaping: Void = MustacheContentTypes.register(ScalarEscaping(), named: contentType)

    private struct ScalarEscaping: MustacheContentType {
        func escapeText(_ text: String) -> String { text.escapedForHTML }
    }
}
