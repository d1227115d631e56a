/// Markup that is ready for a page: what stands in it is either our own or escaped.
///
/// An interpolated string is escaped, another `HTML` goes in as it is, so that markup cannot be made of a file's name by
/// oversight:
///
/// ```swift
/// let cell: HTML = "<td>\(fileName)</td>"
/// ```
///
/// In a template it belongs between three braces (`{{{chart}}}`), everything else between two.
public struct HTML: Sendable, Hashable, CustomStringConvertible {
    /// The markup.
    public let text: String

    private init(trusted text: String) { self.text = text }

    /// Text as markup that shows it.
    public init(escaping text: String) { self.init(trusted: text.escapedForHTML) }

    /// Nothing.
    public static let empty = HTML(trusted: "")

    /// Markup from a template of this module, whose values have been escaped.
    static func rendered(_ text: String) -> HTML { HTML(trusted: text) }

    public var description: String { text }
    /// Whether there is nothing.
    public var isEmpty: Bool { text.isEmpty }

    /// One after the other.
    public static func + (a: HTML, b: HTML) -> HTML { HTML(trusted: a.text + b.text) }
}

extension HTML: ExpressibleByStringInterpolation {
    /// Escapes what is interpolated, unless it is markup.
    public struct StringInterpolation: StringInterpolationProtocol {
        var text = ""

        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 16 * interpolationCount)
        }

        /// The source's own markup, as it is.
        public mutating func appendLiteral(_ literal: String) { text += literal }
        /// Markup, as it is.
        public mutating func appendInterpolation(_ markup: HTML) { text += markup.text }
        /// Text, escaped.
        public mutating func appendInterpolation(_ string: String) { text += string.escapedForHTML }
        /// A whole number.
        public mutating func appendInterpolation(_ number: Int) { text += "\(number)" }
    }

    /// Markup from a literal: the source's own, never data.
    public init(stringLiteral text: String) { self.init(trusted: text) }
    /// Markup from a literal, whose interpolated parts have been escaped.
    public init(stringInterpolation: StringInterpolation) { self.init(trusted: stringInterpolation.text) }
}

extension Sequence<HTML> {
    /// One after the other.
    public func joined(separator: HTML = .empty) -> HTML {
        .rendered(map(\.text).joined(separator: separator.text))
    }
}

extension String {
    /// With the five characters that mean something to HTML, in text or in a quoted attribute, as references.
    ///
    /// Scalar by scalar: a quote with a combining accent is one `Character` and yet ends an attribute. Control characters,
    /// which no page may hold, become U+FFFD; so do those that turn the direction of the text after them.
    var escapedForHTML: String {
        var result = ""
        result.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n": result.unicodeScalars.append(scalar)
            case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
                result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
