import Foundation
import SoraModel
import Testing

/// What `sora classify --out` writes, to the byte.
@Suite struct ClassificationTableTests {
    private let folder: TemporaryFolder
    private let table: ClassificationTable

    init() throws {
        folder = try TemporaryFolder()
        var table = ClassificationTable(labels: ["a,b", "\"c\"", "ü/ü"])
        let rows: [(String, [Float], Int)] = [
            ("x.mp4", [0.25, 0.75, 0], 0), ("li\ne.mp4", [1, 0, 1e-9], 3), ("z.mp4", [.nan, 0.5, 0.5], 0),
        ]
        for (path, probabilities, damaged) in rows {
            let prediction = Prediction(embedding: [1], probabilities: probabilities)
            table.append(path, prediction, isUnknown: path == "z.mp4", damagedFrames: damaged)
        }
        self.table = table
    }

    private func written(_ name: String) throws -> String {
        try table.write(to: folder.file(name))
        return try String(contentsOfFile: folder.file(name), encoding: .utf8)
    }

    @Test func commaSeparated() throws {
        let lines = try written("p.csv").split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == #"path,label,probability,damaged_frames,"p_a,b","p_""c""",p_ü/ü"#)
        #expect(lines[1] == #"x.mp4,"""c""",0.75,0,0.25,0.75,0.0"#)
        #expect(lines[2] == #""li"# && lines[3] == #"e.mp4","a,b",1.0,3,1.0,0.0,1e-09"#)
        #expect(lines.count == 6 && lines[5].isEmpty)
    }

    /// A number is never written as an integer, so that no reader takes a column of zeros and ones for one.
    @Test func linesHaveOneTypeAColumn() throws {
        let lines = try written("p.jsonl").split(separator: "\n")
        #expect(lines.count == 3)
        #expect(
            lines[0]
                == #"{"path":"x.mp4","label":"\"c\"","probability":0.75,"damaged_frames":0,"p_a,b":0.25,"p_\"c\"":0.75,"p_ü/ü":0.0}"#
        )
        #expect(
            lines[1]
                == #"{"path":"li\ne.mp4","label":"a,b","probability":1.0,"damaged_frames":3,"p_a,b":1.0,"p_\"c\"":0.0,"p_ü/ü":1e-09}"#
        )
        #expect(lines[2].contains(#""label":"unknown","#) && lines[2].contains(#""p_a,b":null"#))
        for line in lines {
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        }
    }

    @Test func arraysHaveTheirLabelsBeside() throws {
        try table.write(to: folder.file("p.npy"))
        let data = try Data(contentsOf: URL(fileURLWithPath: folder.file("p.npy")))
        #expect(String(decoding: data, as: UTF8.self).contains("(3, 3)"))
        #expect(try String(contentsOfFile: folder.file("p.npy.labels.txt"), encoding: .utf8) == "a,b\n\"c\"\nü/ü\n")
        #expect(
            try String(contentsOfFile: folder.file("p.npy.paths.txt"), encoding: .utf8)
                == "x.mp4\nli\\ne.mp4\nz.mp4\n")
    }
}
