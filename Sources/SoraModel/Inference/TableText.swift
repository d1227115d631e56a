import Foundation

/// The text of tables, written to a temporary name first.
enum TableText {
    /// A value of a JSON object.
    enum Value {
        case text(String)
        case integer(Int)
        case number(Float)
        case numbers([Float])
    }

    /// Lines, with line ends within them as `\n` or `\r`.
    static func writeLines(_ lines: [String], to path: String) throws {
        let text = lines.map {
            $0.replacing("\r\n", with: "\\r\\n").replacing("\n", with: "\\n").replacing("\r", with: "\\r") + "\n"
        }
        try write(text.joined(), to: path)
    }

    /// Comma-separated values.
    static func writeTable(header: [String], rows: [[String]], to path: String) throws {
        let lines = ([header] + rows).map { $0.map(quoted).joined(separator: ",") + "\n" }
        try write(lines.joined(), to: path)
    }

    /// JSON objects, one a line. A number has a point or an exponent always, so that a reader that guesses types finds
    /// the same one in every line; what is not a number is null.
    static func writeObjects(_ objects: [[(String, Value)]], to path: String) throws {
        let lines = try objects.map { object in
            let pairs = try object.map { key, value in try json(key) + ":" + json(value) }
            return "{" + pairs.joined(separator: ",") + "}\n"
        }
        try write(lines.joined(), to: path)
    }

    private static func json(_ value: Value) throws -> String {
        switch value {
        case .text(let text): try json(text)
        case .integer(let number): "\(number)"
        case .number(let number): json(number)
        case .numbers(let numbers): "[\(numbers.map { json($0) }.joined(separator: ","))]"
        }
    }

    private static func json(_ number: Float) -> String { number.isFinite ? "\(number)" : "null" }

    private static func json(_ text: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: try encoder.encode(text), as: UTF8.self)
    }

    private static func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw ModelError(.file, "\(path): cannot be written (\(error.localizedDescription))")
        }
    }

    /// A field as RFC 4180 has it.
    private static func quoted(_ field: String) -> String {
        guard field.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}
