import Foundation
import Neural
import Testing

/// Files that the format's own library wrote (Fixtures/safetensors_fixtures.py), read and written again.
@Suite struct SafetensorsTests {
    @Test func readsWhatItsOwnLibraryWrote() throws {
        let values = try SafetensorsValues.load()
        let file = try SafetensorsFile(reading: fixture("safetensors-kept.safetensors"))
        #expect(file.metadata == ["note": "line\nquote\" \u{01} é"])
        #expect(Set(file.tensors.keys) == Set(values.shapes.keys))
        for (name, shape) in values.shapes { #expect(file.tensors[name]?.shape.dimensions == shape) }
        try values.expectMatch(file)
        #expect(file.tensors["frame"]?.elementType == .uint8)
        #expect(file.tensors["labels"]?.elementType == .int32)
        #expect(file.tensors["scalar"]?.storage == .float32([-1.5]))
        #expect(try SafetensorsFile.metadata(of: fixture("safetensors-kept.safetensors")) == file.metadata)
    }

    @Test func convertsWiderAndNarrowerTypes() throws {
        let values = try SafetensorsValues.load()
        let file = try SafetensorsFile(reading: fixture("safetensors-converted.safetensors"))
        for name in ["half", "brain", "double"] {
            let bits = file.tensors[name]?.floats.map(\.bitPattern)
            #expect(bits == values.floatBits[name], "\(name)")
        }
        #expect(file.tensors["long"]?.storage == .int32(values.integers["long"] ?? []))
    }

    @Test func refusesNumbersThatTheSmallerTypeCannotHold() throws {
        #expect(
            try failure("safetensors-long-overflow").hasSuffix("tensor n of I64 holds 2147483648, which int32 cannot"))
        #expect(
            try failure("safetensors-double-overflow").hasSuffix("tensor x of F64 holds 1e+39, which float32 cannot"))
    }

    @Test func writesTheBytesOfItsOwnLibrary() throws {
        for name in ["safetensors-kept.safetensors", "safetensors-plain.safetensors"] {
            try withTemporaryFolder { folder in
                let original = try SafetensorsFile(reading: fixture(name))
                let copy = folder + "/copy.safetensors"
                try original.write(to: copy)
                #expect(try bytes(copy) == bytes(fixture(name)))
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["copy.safetensors"])
            }
        }
    }

    @Test func readsBackWhatItWrote() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.safetensors"
            var file = SafetensorsFile(metadata: ["b": "2", "a": "1", "": "empty \u{7F}/\\"])
            #expect(file.names.isEmpty)
            file.tensors["z"] = try Tensor([2], [Float.nan, -0.0])
            file.tensors["a"] = try Tensor([3], [UInt8(1), 2, 255])
            try file.write(to: path)
            let back = try SafetensorsFile(reading: path)
            #expect(back.metadata == file.metadata)
            #expect(back.names == ["z", "a"])
            #expect(back.tensors["z"]?.floats.map(\.bitPattern) == [Float.nan.bitPattern, 0x8000_0000])
            #expect(back.tensors["a"]?.storage == .uint8([1, 2, 255]))
            // Again over the file that is there, and with nothing in it.
            try SafetensorsFile().write(to: path)
            #expect(try SafetensorsFile(reading: path).names.isEmpty)
        }
    }

    @Test func saysWhichFileCannotBeReadOrWritten() throws {
        func code(_ body: () throws -> Void) -> NeuralError? {
            #expect(throws: NeuralError.self) { try body() }
            do { try body() } catch { return error as? NeuralError }
            return nil
        }
        let missing = code { _ = try SafetensorsFile(reading: "/nowhere/x.safetensors") }
        #expect(missing?.code == .file)
        #expect(missing?.description == "cannot open /nowhere/x.safetensors (No such file or directory)")
        let folder = code { _ = try SafetensorsFile(reading: "/") }
        #expect(folder?.message == "/ is not a regular file")
        #expect(code { try SafetensorsFile().write(to: "/nowhere/x") }?.message == "cannot create /nowhere/x")
        #expect(code { try SafetensorsFile().write(to: "/dev/null") }?.code == .file)
        #expect(code { _ = try SafetensorsFile(reading: "a\0b") }?.code == .file)
        let reserved = SafetensorsFile(tensors: ["__metadata__": Tensor(zeros: TensorType([1]))])
        #expect(code { try reserved.write(to: "/tmp/never-written.safetensors") }?.code == .format)
        #expect(!FileManager.default.fileExists(atPath: "/tmp/never-written.safetensors"))
    }

    private func failure(_ name: String) throws -> String {
        let error = #expect(throws: NeuralError.self) { try SafetensorsFile(reading: fixture(name + ".safetensors")) }
        #expect(error?.code == .format)
        return error?.message ?? ""
    }
}

/// What safetensors_fixtures.py says the fixtures hold.
struct SafetensorsValues: Decodable {
    var floatBits: [String: [UInt32]]
    var integers: [String: [Int32]]
    var shapes: [String: [Int]]

    static func load() throws -> SafetensorsValues {
        try JSONDecoder().decode(
            SafetensorsValues.self, from: Data(contentsOf: URL(fileURLWithPath: fixture("safetensors-values.json"))))
    }

    func expectMatch(_ file: SafetensorsFile) throws {
        for (name, tensor) in file.tensors {
            switch tensor.storage {
            case .float32(let values): #expect(values.map(\.bitPattern) == floatBits[name], "\(name)")
            case .int32(let values): #expect(values == integers[name], "\(name)")
            case .uint8(let values): #expect(values.map(Int32.init) == integers[name], "\(name)")
            }
        }
    }
}

func fixture(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/" + name).path
}

func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

func withTemporaryFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sora-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
}
