import Foundation
import Neural
import Testing

/// Damage of every kind, drawn from a seed: the reader either gives tensors or throws a `NeuralError`; it never traps.
@Suite struct SafetensorsFuzzTests {
    /// Each kind runs for a second at most, on the same files in the same order.
    private func fuzz(_ count: Int, seed: UInt64, _ make: (inout SeededRandom) -> [UInt8]) {
        var random = SeededRandom(seed: seed)
        let end = ContinuousClock.now + .seconds(1)
        var accepted = 0
        for round in 0..<count where ContinuousClock.now < end {
            let bytes = make(&random)
            do {
                let file = try SafetensorsFile(bytes: bytes, name: "fuzz")
                for name in file.names {
                    // What a caller does with it must not trap either.
                    if let tensor = file.tensors[name] {
                        #expect(tensor.shape.elementCount == tensor.storage.count && tensor.shape.strides.count >= 0)
                    }
                }
                accepted += 1
            } catch {
                #expect(error is NeuralError, "round \(round): \(error)")
            }
        }
        #expect(accepted < count)
    }

    private static let valid = (try? bytes(fixture("safetensors-kept.safetensors"))) ?? []

    @Test func randomBytes() {
        fuzz(20_000, seed: 1) { random in
            var bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            // Half of them announce a length that fits, so that the header itself is reached.
            if bytes.count > 8, Bool.random(using: &random) {
                bytes.replaceSubrange(0..<9, with: [UInt8(bytes.count - 8), 0, 0, 0, 0, 0, 0, 0, 0x7B])
            }
            return bytes
        }
    }

    @Test func flippedBits() {
        #expect(!Self.valid.isEmpty)
        fuzz(20_000, seed: 2) { random in
            var bytes = Self.valid
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &random)
            }
            return bytes
        }
    }

    @Test func truncationsAndInsertions() {
        fuzz(20_000, seed: 3) { random in
            var bytes = Array(Self.valid.prefix(Int.random(in: 0..<Self.valid.count, using: &random)))
            if Bool.random(using: &random) {
                bytes.append(contentsOf: (0..<Int.random(in: 0...64, using: &random)).map { UInt8($0) })
            }
            return bytes
        }
    }

    @Test func hugeNumbers() {
        let numbers = [
            "0", "1", "2", "8", "4294967296", "4611686018427387904", "9223372036854775807", "9223372036854775808",
            "18446744073709551616", "-1", "1e400", String(repeating: "9", count: 400),
        ]
        fuzz(20_000, seed: 4) { random in
            func number() -> String { numbers.randomElement(using: &random) ?? "" }
            let shape = (0..<Int.random(in: 0...5, using: &random)).map { _ in number() }.joined(separator: ",")
            let types = ["F64", "F32", "F16", "BF16", "I64", "I32", "U8", "Q"]
            let header =
                "{\"a\":{\"dtype\":\"\(types.randomElement(using: &random) ?? "")\",\"shape\":[\(shape)],"
                + "\"data_offsets\":[\(number()),\(number())]}}"
            return SafetensorsMalformedTests.file(header, data: 8)
        }
    }

    /// Fragments of JSON in any order, and nesting that would break a recursive reader's stack.
    @Test func scrambledAndDeepHeaders() {
        let pieces = [
            "{", "}", "[", "]", ":", ",", "\"", "\"a\"", "\"dtype\"", "\"shape\"", "\"data_offsets\"",
            "\"__metadata__\"",
            "\"F32\"", "0", "4", " ", "\\u", "\\ud83c", "true", "null",
        ]
        fuzz(20_000, seed: 5) { random in
            let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            return SafetensorsMalformedTests.file("{" + text.joined(), data: 4)
        }
        for opening in ["{\"a\":", "[", "{\"a\":{\"shape\":["] {
            let header = "{\"a\":" + String(repeating: opening, count: 500_000)
            #expect(throws: NeuralError.self) {
                try SafetensorsFile(bytes: SafetensorsMalformedTests.file(header, data: 0), name: "deep")
            }
        }
    }
}
