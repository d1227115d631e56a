/// Records of fields with a separator between them, by RFC 4180: a field may stand in double quotes, and may then hold
/// separators, line ends and (doubled) quotes. Lines end with LF or CRLF; a byte-order mark and empty lines are passed
/// over.
package struct DelimitedText {
    package struct Record: Equatable {
        package var fields: [String]
        /// The line that it begins on, from 1.
        package var line: Int
    }

    package var records: [Record] = []

    package init(_ text: String, separator: Character, path: String) throws(DatasetError) {
        let bytes = Array(text.utf8)
        let comma = separator.asciiValue ?? UInt8(ascii: ",")
        let (quote, lineFeed, carriageReturn) = (UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var line = 1
        while index < bytes.count {
            var record = Record(fields: [], line: line)
            var isAtEnd = false
            while !isAtEnd {
                var field: [UInt8] = []
                if index < bytes.count, bytes[index] == quote {
                    let opening = line
                    index += 1
                    while true {
                        guard index < bytes.count else {
                            throw DatasetError(
                                .malformed, path: path, line: opening, "a quoted field is never closed",
                                remedy: "End it with a double quote; write a quote within it twice.")
                        }
                        let byte = bytes[index]
                        index += 1
                        if byte == quote {
                            guard index < bytes.count, bytes[index] == quote else { break }
                            index += 1
                        } else if byte == lineFeed {
                            line += 1
                        }
                        field.append(byte)
                    }
                    if index < bytes.count, ![comma, lineFeed, carriageReturn].contains(bytes[index]) {
                        throw DatasetError(
                            .malformed, path: path, line: line, "text follows the closing quote of a field",
                            remedy: "Put the whole field into quotes; write a quote within it twice.")
                    }
                }
                while index < bytes.count, bytes[index] != comma, bytes[index] != lineFeed {
                    let isLineEnd =
                        bytes[index] == carriageReturn && (index + 1 == bytes.count || bytes[index + 1] == lineFeed)
                    if !isLineEnd { field.append(bytes[index]) }
                    index += 1
                }
                record.fields.append(String(decoding: field, as: UTF8.self))
                isAtEnd = index >= bytes.count || bytes[index] == lineFeed
                index += 1
            }
            line += 1
            if record.fields != [""] { records.append(record) }
        }
    }
}
