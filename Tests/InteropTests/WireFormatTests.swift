import Foundation
import Interop
import Neural
import Testing

/// The bytes of a model with every kind of field, against those of ONNX's own library (`Fixtures/wire.py`).
@Suite struct WireFormatTests {
    @Test func aModelIsTheLibrarysToTheByte() throws {
        var model = ONNXModel(name: "wire", producer: ("sora", "1.2"))
        model.documentation = "For people: ∀."
        model.nodes = [
            .init(
                name: "a/First", operation: "First", inputs: ["frames", "", "weights"], outputs: ["x", "y"],
                attributes: [
                    .init("pads", .integers([0, 1, -1, 300, 1 << 40])), .init("axis", .integer(-1)),
                    .init("epsilon", .float(0.1)),
                ]),
            .init(
                name: "b", operation: "Second", inputs: ["x"], outputs: ["z"],
                attributes: [
                    .init("direction", .text("rückwärts")),
                    .init("value", .tensor(.init("", .tensor(try Tensor([1], [Float(1.5)]))))),
                ]),
            .init(name: "c", operation: "Third", inputs: [], outputs: ["w"]),
        ]
        model.initializers = [
            .init("weights", .tensor(try Tensor([4, 25], (0..<100).map { Float($0) / 8 }))),
            .init("scalar", .tensor(try Tensor([], [Float(-2.25)]))),
            .init("bytes", .tensor(try Tensor([1, 3], [UInt8(0), 127, 255]))),
            .init("numbers", .tensor(try Tensor([2], [Int32(1), -70000]))),
            .init("shape", .integers([-1, 0, 1 << 33])),
        ]
        model.inputs = [
            .init(
                name: "frames", type: .uint8, sizes: [.open("clips"), .fixed(3), .fixed(0)],
                documentation: "What goes in.")
        ]
        model.outputs = [
            .init(name: "z", type: .float32, sizes: [.open("clips"), .fixed(200)], documentation: ""),
            .init(name: "w", type: .int32, sizes: [], documentation: ""),
        ]
        model.metadata = [("short", ""), ("long", String(repeating: "x", count: 300))]
        let message = model.encoded()
        let bytes = message.pieces.reduce(into: Data()) { result, piece in
            switch piece {
            case .bytes(let bytes): result.append(contentsOf: bytes)
            case .tensor(let tensor): unsafe tensor.withUnsafeBytes { unsafe result.append(contentsOf: $0) }
            }
        }
        #expect(bytes.count == message.count)
        #expect(try bytes == Fixture.bytes("wire.onnx"))
    }
}
