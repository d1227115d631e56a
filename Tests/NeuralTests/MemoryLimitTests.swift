import Foundation
import Neural
import Testing

/// What asks for more memory than there is gets an error, not the end of the process.
@Suite struct MemoryLimitTests {
    private func code(_ body: () throws -> Void) -> NeuralError.Code? {
        do { try body() } catch { return (error as? NeuralError)?.code }
        return nil
    }

    @Test func parametersOfTerabytes() throws {
        func make(_ shapes: [Shape]) -> NeuralError.Code? {
            code {
                _ = try ParameterBuffer(
                    shapes.enumerated().map { Parameter("p\($0)", $1, initializer: .constant(0)) })
            }
        }
        #expect(make([[1 << 20, 1 << 20]]) == .backend)
        #expect(make([Shape](repeating: [1 << 30, 1 << 30], count: 9)) == .backend, "the sum overflows")
        #expect(make([[.max, .max]]) == .backend, "the count overflows")
        #expect(make([[.max]]) == .backend)
        #expect(make([[-1, 4]]) == .shape)
        #expect(make([[0, 4], [3]]) == nil)
    }

    @Test func plansOfTerabytes() throws {
        var graph = Graph()
        let x = try graph.input("x", TensorType([1]))
        let vast = graph.relu(try graph.broadcast(x, [1 << 20, 1 << 20]))
        #expect(code { _ = try OneDNNBackend().compile(graph, outputs: [GraphOutput(vast)]) } == .backend)
    }

    /// A file with a hole in it takes no room on the disk, whatever its size.
    @Test func sparseFilesOfTerabytes() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/vast.safetensors"
            let (count, parts) = (1 << 37, 8)
            func write(_ entries: [String], data: Int) throws -> Bool {
                let bytes = SafetensorsMalformedTests.file("{" + entries.joined(separator: ",") + "}", data: 0)
                try Data(bytes).write(to: URL(filePath: path))
                let handle = try FileHandle(forWritingTo: URL(filePath: path))
                defer { try? handle.close() }
                do { try handle.truncate(atOffset: UInt64(bytes.count + data)) } catch { return false }
                return true
            }
            func entry(_ name: String, _ begin: Int) -> String {
                SafetensorsMalformedTests.entry(name, "[\(count)]", begin, begin + count * 4).dropFirst().dropLast()
                    .description
            }
            // Not every file system takes them.
            if try write([entry("a", 0)], data: count * 4) {
                #expect(code { _ = try SafetensorsFile(reading: path) } == .file)
                #expect(try SafetensorsFile.contents(of: path).types == ["a": TensorType([count])])
            }
            if try write((0..<parts).map { entry("p\($0)", $0 * count * 4) }, data: parts * count * 4) {
                #expect(code { _ = try SafetensorsFile(reading: path) } == .file)
            }
        }
    }
}
