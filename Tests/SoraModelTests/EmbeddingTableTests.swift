import Foundation
import Media
import Neural
import SoraModel
import Testing

/// What `sora embed` writes, to the byte, for real files with awkward names.
@Suite struct EmbeddingTableTests {
    private let folder: TemporaryFolder
    private let table: EmbeddingTable
    private static let names = ["a.mp4", "b, \"c\".mp4", "line\nend.mp4", "crlf\r\nü\u{1F3A5}.mp4"]

    init() throws {
        folder = try TemporaryFolder()
        let paths = Self.names.map(folder.file)
        for (index, path) in paths.enumerated() { try TestVideos.write(to: path, salt: UInt32(index)) }
        let model = try TestModels.model(TestModels.configuration(embeddingSize: 3))
        let predictor = FilePredictor(
            try Predictor(model, backend: OneDNNBackend()), format: model.configuration.clip)
        var table = EmbeddingTable()
        try predictor.predict(paths) { _, outcome in table.append(try outcome.get()) }
        self.table = table
    }

    private func written(_ name: String, _ table: EmbeddingTable) throws -> Data {
        let path = folder.file(name)
        try table.write(to: path)
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }

    @Test func rowsAreTheFiles() {
        #expect(table.rows.map(\.path) == Self.names.map(folder.file))
        #expect(Set(table.rows.map(\.embedding)).count == 4 && table.rows.allSatisfy { $0.embedding.count == 3 })
    }

    /// NumPy's own description of the format, version 1.0.
    @Test func arraysAreNumPys() throws {
        let data = try written("x.npy", table)
        #expect(data.prefix(8) == Data([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]))
        let length = Int(data[8]) | Int(data[9]) << 8
        #expect((10 + length) % 64 == 0)
        let header = String(decoding: data[10..<10 + length], as: UTF8.self)
        #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (4, 3), }"))
        #expect(header.hasSuffix("\n"))
        let expected = table.rows.flatMap(\.embedding).flatMap { value in
            (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
        }
        #expect(Array(data[(10 + length)...]) == expected)
    }

    /// One path a line, so that line `i` is row `i` of the array.
    @Test func pathsBesideAnArrayGoWithItsRows() throws {
        _ = try written("x.npy", table)
        let paths = try String(contentsOfFile: folder.file("x.npy.paths.txt"), encoding: .utf8)
        #expect(paths.hasPrefix(folder.file("a.mp4") + "\n" + folder.file("b, \"c\".mp4") + "\n"))
        #expect(paths.utf8.count { $0 == 0x0A } == 4)
    }

    /// RFC 4180: fields with commas, quotes or line ends are quoted, quotes doubled.
    @Test func tablesAreCommaSeparated() throws {
        let bytes = Array(try written("x.csv", table))
        let place = folder.path
        func rows(_ fields: [String]) -> [[UInt8]] {
            zip(fields, table.rows).map { field, row in
                Array("\(field),\(row.embedding.map { "\($0)" }.joined(separator: ","))\n".utf8)
            }
        }
        let usual = rows(["\(place)/a.mp4", "\"\(place)/b, \"\"c\"\".mp4\"", "\"\(place)/line\nend.mp4\""])
        #expect(bytes.starts(with: Array("path,e0,e1,e2\n".utf8) + usual.joined()))
        // As characters, a carriage return and a line feed are one, which is neither of the two.
        let last = rows(Array(repeating: "", count: 3) + ["\"\(place)/crlf\r\nü\u{1F3A5}.mp4\""])[3]
        #expect(Array(bytes.suffix(last.count)) == last)
    }

    /// Numbers are written so that reading them gives the same bits.
    @Test func numbersComeBackToTheBit() throws {
        let line = String(decoding: try written("x.csv", table), as: UTF8.self).split(separator: "\n")[1]
        let found = line.split(separator: ",").dropFirst().compactMap { Float($0)?.bitPattern }
        #expect(found == table.rows[0].embedding.map(\.bitPattern))
    }

    private struct Row: Decodable {
        var path: String
        var embedding: [Float]
    }

    @Test func linesAreJSON() throws {
        let data = try written("x.jsonl", table)
        #expect(data.count { $0 == 0x0A } == 4 && data.last == 0x0A)
        let found = try data.split(separator: 0x0A).map { try JSONDecoder().decode(Row.self, from: $0) }
        #expect(found.map { Array($0.path.utf8) } == table.rows.map { Array($0.path.utf8) })
        #expect(found.map { $0.embedding.map(\.bitPattern) } == table.rows.map { $0.embedding.map(\.bitPattern) })
    }

    @Test func emptyTablesAreFiles() throws {
        #expect(try written("x.csv", EmbeddingTable()) == Data("path\n".utf8))
        #expect(try written("x.jsonl", EmbeddingTable()).isEmpty)
        let header = String(decoding: try written("x.npy", EmbeddingTable()), as: UTF8.self)
        #expect(header.contains("'shape': (0, 0)"))
    }

    @Test func errorsNameTheFile() throws {
        for name in ["x.txt", "x", "no such folder/x.csv", "no such folder/x.npy"] {
            let path = folder.file(name)
            let error = #expect(throws: (any Error).self) { try table.write(to: path) }
            #expect("\(try #require(error))".contains(path))
        }
        #expect(try TableFormat(path: "a.b/X.NPY") == .npy)
    }
}
