import Foundation
import Neural
import Testing

/// What is not a sound safetensors file: each is refused, with a message that says what was expected and found.
@Suite struct SafetensorsMalformedTests {
    static let faults: [(header: String, data: Int, message: String)] = [
        ("", 0, "it should begin with {"),
        (" {}", 0, "it should begin with {"),
        ("[]", 0, "it should begin with {"),
        ("{", 0, "\" should stand here"),
        ("{}x", 0, "something other than spaces follows"),
        ("{}", 3, "has bytes behind its last tensor: its tensors take 0 bytes, but 3 follow"),
        (entry("a", "[2]", 0, 8), 7, "is cut short: its tensors take 8 bytes, but 7 follow"),
        (entry("a", "[2]", 0, 8), 9, "has bytes behind its last tensor"),
        (
            entry("a", "[3]", 0, 8), 8,
            "tensor a of F32 and shape [3] needs 12 bytes, but its data_offsets [0, 8] hold 8"
        ),
        (entry("a", "[2]", 8, 0), 8, "tensor a ends before it begins"),
        (
            entry("a", "[1]", 4, 8), 8,
            "tensor a leaves a gap before it: its data should begin at offset 0, but begins at 4"
        ),
        (
            two(0, 4, 0, 4), 8,
            "tensor b overlaps the tensor before it: its data should begin at offset 4, but begins at 0"
        ),
        (two(0, 4, 8, 12), 12, "tensor b leaves a gap before it: its data should begin at offset 4, but begins at 8"),
        (
            entry("a", "[1]", 0, 4, "F8"), 4,
            "tensor a has element type F8; expected one of F64, F32, F16, BF16, I64, I32, U8"
        ),
        (entry("a", "[4294967296,4294967296]", 0, 4), 4, "tensor a has more elements than memory has bytes"),
        (entry("a", "[4294967296,4294967296,0]", 0, 0), 0, "tensor a has more elements than memory has bytes"),
        (entry("a", "[0,9223372036854775807,2]", 0, 0), 0, "tensor a has more elements than memory has bytes"),
        (entry("a", "[9223372036854775808]", 0, 4), 4, "a number is larger than 2^63 - 1"),
        (entry("a", "[1e3]", 0, 4), 4, "] should stand here"),
        (entry("a", "[1.0]", 0, 4), 4, "] should stand here"),
        (entry("a", "[-1]", 0, 4), 4, "a whole number from 0 on should stand here"),
        (entry("a", "[01]", 0, 4), 4, "a number begins with a zero"),
        (entry("a", "[[1]]", 0, 4), 4, "a whole number from 0 on should stand here"),
        (entry("a", "null", 0, 4), 4, "[ should stand here"),
        (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, "tensor a must have dtype, shape and data_offsets"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4, "tensor a must have 2 data_offsets, not 1"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#, 4, "tensor a has an unknown field x"),
        (#"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4, "two entries named dtype"),
        (#"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{}}"#, 0, "the header has two entries named a"),
        (#"{"__metadata__":{"k":"1","k":"2"}}"#, 0, "__metadata__ has two entries named k"),
        (#"{"__metadata__":{"k":1}}"#, 0, "\" should stand here"),
        (#"{"__metadata__":{"k":"\ud800"}}"#, 0, "half of a surrogate pair"),
        (#"{"__metadata__":{"k":"\udc00"}}"#, 0, "half of a surrogate pair"),
        (#"{"__metadata__":{"k":"\ud83c\u0041"}}"#, 0, "half of a surrogate pair"),
        (#"{"__metadata__":{"k":"\u00g0"}}"#, 0, "\\u needs four hexadecimal digits"),
        (#"{"__metadata__":{"k":"\x"}}"#, 0, "an unknown escape"),
        (#"{"__metadata__":{"k":"v}}"#, 0, "a text is not closed"),
        ("{\"__metadata__\":{\"k\":\"a\nb\"}}", 0, "a bare control character"),
        (#"{"__metadata__":{"k":"v",}}"#, 0, "\" should stand here"),
    ]

    @Test(arguments: faults.indices) func refuses(_ index: Int) throws {
        let (header, data, message) = Self.faults[index]
        let error = #expect(throws: NeuralError.self) {
            try SafetensorsFile(bytes: Self.file(header, data: data), name: "w.safetensors")
        }
        #expect(error?.code == .format)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("w.safetensors") == true)
    }

    @Test func refusesBrokenLengths() throws {
        func message(_ bytes: [UInt8]) -> String {
            #expect(throws: NeuralError.self) { try SafetensorsFile(bytes: bytes, name: "w") }?.message ?? ""
        }
        #expect(message([]) == "w is not a safetensors file: it has 0 bytes, and 8 are the least")
        #expect(message([1, 2, 3]).contains("it has 3 bytes"))
        #expect(message([10, 0, 0, 0, 0, 0, 0, 0, 0x7B]).contains("a header of 10 bytes is announced, but 1 follow"))
        #expect(
            message([UInt8](repeating: 255, count: 100)).contains("a header of 18446744073709551615 bytes is announced")
        )
        #expect(message([1, 225, 245, 5, 0, 0, 0, 0, 0]).contains("100000000 are the most allowed"))
        var invalid = Self.file(#"{"__metadata__":{"k":"?"}}"#, data: 0)
        if let mark = invalid.firstIndex(of: UInt8(ascii: "?")) { invalid[mark] = 0xFF }
        #expect(message(invalid).contains("a text is not valid UTF-8"))
    }

    @Test func acceptsSpacesAndAnyOrder() throws {
        let header =
            "{ \"b\" :{\"shape\":[ 1 ],\"data_offsets\":[4 ,8],\"dtype\":\"F32\"},\n"
            + "\"a\\u00e9\\ud83c\\udfac\\/\": {\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]} }   "
        let file = try SafetensorsFile(bytes: Self.file(header, data: 8), name: "w")
        #expect(file.names == ["aé🎬/", "b"])
    }

    /// Names that would fill a terminal or command it stay out of the messages.
    @Test func boundsAndCleansNamesInMessages() throws {
        let header = Self.entry("\\u001b[2J" + String(repeating: "n", count: 5000), "[1]", 0, 4, "X")
        let error = #expect(throws: NeuralError.self) {
            try SafetensorsFile(bytes: Self.file(header, data: 4), name: "w")
        }
        #expect((error?.message.count ?? 0) < 300)
        #expect(error?.message.contains("\u{1B}") == false)
    }

    static func file(_ header: String, data: Int) -> [UInt8] {
        let json = Array(header.utf8)
        return (0..<8).map { UInt8(truncatingIfNeeded: json.count >> ($0 * 8)) } + json
            + [UInt8](repeating: 0, count: data)
    }

    static func entry(_ name: String, _ shape: String, _ begin: Int, _ end: Int, _ type: String = "F32") -> String {
        "{\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}}"
    }

    static func two(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> String {
        entry("a", "[1]", a, b).dropLast() + "," + entry("b", "[1]", c, d).dropFirst()
    }
}
