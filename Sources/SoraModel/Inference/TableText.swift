import Foundation
import Neural

/// The text of tables, written to a temporary name first.
package enum TableText {
    /// A value of a JSON object. What is nil is null.
    package enum Value {
        case text(String?)
        case texts([String])
        case integer(Int)
        case number(Float)
        case double(Double?)
        case numbers([Float])
        case doubles([(String, Double)])
    }

    /// Lines, with line ends within them as `\n` or `\r`.
    static func writeLines(_ lines: [String], to path: String) throws {
        let text = lines.map {
            $0.replacing("\r\n", with: "\\r\\n").replacing("\n", with: "\\n").replacing("\r", with: "\\r") + "\n"
        }
        try write(text.joined(), to: path)
    }

    /// Comma-separated values.
    package static func writeTable(header: [String], rows: [[String]], to path: String) throws {
        let lines = ([header] + rows).map { $0.map(quoted).joined(separator: ",") + "\n" }
        try write(lines.joined(), to: path)
    }

    /// JSON objects, one a line. A number has a point or an exponent always, so that a reader that guesses types finds
    /// the same one in every line; what is not a number is null.
    package static func writeObjects(_ objects: [[(String, Value)]], to path: String) throws {
        try write(objects.map { try json($0.map { ($0, try json($1)) }) + "\n" }.joined(), to: path)
    }

    private static func json(_ value: Value) throws -> String {
        switch value {
        case .text(let text): try text.map(json) ?? "null"
        case .texts(let texts): "[\(try texts.map(json).joined(separator: ","))]"
        case .integer(let number): "\(number)"
        case .number(let number): json(number)
        case .double(let number): number.map(json) ?? "null"
        case .doubles(let pairs): try json(pairs.map { ($0, json($1)) })
        case .numbers(let numbers): "[\(numbers.map { json($0) }.joined(separator: ","))]"
        }
    }

    private static func json(_ number: some BinaryFloatingPoint & CustomStringConvertible) -> String {
        number.isFinite ? number.description : "null"
    }

    private static func json(_ pairs: [(key: String, value: String)]) throws -> String {
        "{" + (try pairs.map { try json($0) + ":" + $1 }.joined(separator: ",")) + "}"
    }

    private static func json(_ text: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: try encoder.encode(text), as: UTF8.self)
    }

    private static func write(_ text: String, to path: String) throws {
        do {
            try AtomicFile.write(text, to: path)
        } catch {
            throw ModelError(.file, "\(error)")
        }
    }

    /// A field as RFC 4180 has it.
    private static func quoted(_ field: String) -> String {
        guard field.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}
