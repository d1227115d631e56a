import Foundation
import Neural
import Testing

/// Weight files against a network's parameters.
@Suite struct SafetensorsParametersTests {
    private func buffer() throws -> ParameterBuffer {
        try ParameterBuffer([
            Parameter("conv.weight", [2, 3], initializer: .constant(0)),
            Parameter("bn.mean", [3], isTrainable: false, initializer: .constant(0)),
            Parameter("head.bias", [5], initializer: .constant(1)),
        ])
    }

    @Test func savesAndLoads() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/m.safetensors"
            let original = try buffer()
            try original.set("conv.weight", to: Tensor([2, 3], [Float](arrayLiteral: 1, 2, 3, 4, 5, -0.0)))
            try original.set("bn.mean", to: Tensor([3], [Float](arrayLiteral: .infinity, .ulpOfOne, 7)))
            try original.save(to: path, metadata: ["labels": "[\"a\"]"])
            let file = try SafetensorsFile(reading: path)
            #expect(file.metadata == ["labels": "[\"a\"]"])
            let loaded = try buffer()
            let match = try loaded.load(from: file)
            #expect(
                match.loaded == ["conv.weight", "head.bias", "bn.mean"] && match.missing.isEmpty && match.extra.isEmpty)
            for parameter in original.parameters {
                #expect(try loaded.tensor(parameter.name) == original.tensor(parameter.name))
            }
        }
    }

    @Test func namesEveryFaultAndChangesNothing() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/m.safetensors"
            try SafetensorsFile(tensors: [
                "conv.weight": Tensor([3, 2], [Float](repeating: 1, count: 6)),
                "head.bias": Tensor([5], [Int32](repeating: 1, count: 5)),
                "other": Tensor([1], [Float(1)]),
            ]).write(to: path)
            let network = try buffer()
            let error = #expect(throws: NeuralError.self) { try network.load(from: SafetensorsFile(reading: path)) }
            #expect(error?.code == .format)
            #expect(
                error?.message == "\(path) does not fit the network: "
                    + "tensor conv.weight: expected float32[2, 3], found float32[3, 2]; "
                    + "tensor head.bias: expected float32[5], found int32[5]; "
                    + "tensor bn.mean is missing: expected float32[3], found none; "
                    + "tensor other is not the network's: expected none, found float32[1]")
            #expect(try network.tensor("conv.weight") == Tensor(zeros: TensorType([2, 3])))
        }
    }

    /// A shape of millions of ones is legal in the format; a message of a hundred megabytes is of no use.
    @Test func messagesStayShort() throws {
        let ones = [Int](repeating: 1, count: 1_000_000)
        let shape = ones.map(String.init).joined(separator: ",")
        let header = SafetensorsMalformedTests.entry("conv.weight", "[\(shape)]", 0, 4)
        let bytes = SafetensorsMalformedTests.file(header, data: 4)
        let file = try SafetensorsFile(bytes: bytes, name: "w")
        for strict in [false, true] {
            let error = #expect(throws: NeuralError.self) { try buffer().load(from: file, strict: strict) }
            #expect((error?.message.utf8.count ?? .max) < 600)
            #expect(error?.message.contains("found float32[1, 1, 1, 1, 1, 1, 1, 1, … 1000000 axes]") == true)
        }
        let sized = #expect(throws: NeuralError.self) { try Tensor(Shape(ones), [] as [Float]) }
        #expect((sized?.message.utf8.count ?? .max) < 600)
    }

    /// The header alone tells whether the weights are a network's.
    @Test func contentsAreThoseOfTheFile() throws {
        let header = SafetensorsMalformedTests.two(0, 4, 4, 8)
        let bytes = SafetensorsMalformedTests.file(header, data: 8)
        let (whole, contents) = (
            try SafetensorsFile(bytes: bytes, name: "w"), try SafetensorsFile.contents(of: bytes, name: "w")
        )
        #expect(contents.names == whole.names && contents.names == ["a", "b"])
        #expect(contents.types == whole.tensors.mapValues(\.type))
        #expect(contents.metadata == whole.metadata && contents.path == whole.path)
        for (stored, read) in [("F16", ElementType.float32), ("BF16", .float32)] {
            let entry = SafetensorsMalformedTests.entry("a", "[2]", 0, 4, stored)
            let found = try SafetensorsFile.contents(of: SafetensorsMalformedTests.file(entry, data: 4), name: "w")
            #expect(found.types == ["a": TensorType([2], read)])
        }
        #expect(throws: NeuralError.self) { try contents.match(buffer().parameters) }
    }

    @Test func countsFaultsPastTheFifth() throws {
        let network = try ParameterBuffer((0..<7).map { Parameter("p\($0)", [$0 + 1], initializer: .constant(0)) })
        let error = #expect(throws: NeuralError.self) { try network.load(from: SafetensorsFile()) }
        #expect(error?.message.hasSuffix("tensor p4 is missing: expected float32[5], found none; and 2 more") == true)
    }

    @Test func reportsWhatDoesNotMatchWhereThatIsAllowed() throws {
        let network = try buffer()
        let file = SafetensorsFile(tensors: [
            "m.head.bias": try Tensor([5], [Float](repeating: 3, count: 5)),
            "m.extra": Tensor(zeros: TensorType([1])),
            "elsewhere": Tensor(zeros: TensorType([1])),
        ])
        let match = try network.load(from: file, prefix: "m.", strict: false)
        #expect(match == ParameterMatch(loaded: ["head.bias"], missing: ["conv.weight", "bn.mean"], extra: ["extra"]))
        #expect(try network.tensor("head.bias").floats == [3, 3, 3, 3, 3])
        let misshapen = SafetensorsFile(tensors: ["head.bias": try Tensor([4], [Float](repeating: 3, count: 4))])
        #expect(throws: NeuralError.self) { try network.load(from: misshapen, strict: false) }
    }
}
