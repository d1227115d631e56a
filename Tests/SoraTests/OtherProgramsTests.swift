import Foundation
import Testing

/// What other programs read: ONNX files, figures for TensorBoard, lists of runs, tables of predictions.
@Suite struct OtherProgramsTests {
    @Test func export() throws {
        let workspace = try Workspace.shared
        let out = try workspace.newFolder() + "/model.onnx"
        let text = try sora("export", workspace.model, "--out", out)
        #expect(text.status == 0, "\(text.errors)")
        #expect(text.lines.count == 2 && text.output.hasPrefix("\(out): "))
        #expect(
            text.output.contains(
                "frames [clips, 4, 32, 32, 3] of bytes -> embedding [clips, 128], probabilities [clips, 4]"))
        let json = try #require(try sora("export", workspace.model, "--out", out, "--json").objects().first)
        #expect(json["labels"] as? [String] == Workspace.classes)
        #expect(json["bytes"] as? Int == (try bytes(out).count))
        #expect(((json["input"] as? [String: Any])?["sizes"] as? [Any])?.first is NSNull)

        let wrong = try sora("export", workspace.model, "--out", out + ".pb")
        #expect(wrong.status == 64 && wrong.errors.contains("models are exported as .onnx"))
        let video = try sora("export", workspace.clip, "--out", out)
        #expect(video.status == 1 && video.errors.contains(workspace.clip))
        let nowhere = try sora("export", workspace.model, "--out", workspace.folder + "/none/model.onnx")
        #expect(nowhere.status == 1 && nowhere.errors.contains("does not exist"))
    }

    /// Records in a file for each session, from the first step on: each begins with the length of what it holds.
    @Test func trainingLeavesEvents() throws {
        let workspace = try Workspace.shared
        let folder = workspace.model + ".events"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.count == 1)
        let file = [UInt8](try bytes("\(folder)/\(try #require(names.first))"))
        var (records, place) = ([ArraySlice<UInt8>](), 0)
        while place + 12 <= file.count {
            let length = (0..<8).reduce(0) { $0 | Int(file[place + $1]) << (8 * $1) }
            try #require(place + 16 + length <= file.count)
            records.append(file[place + 12..<place + 12 + length])
            place += 16 + length
        }
        #expect(place == file.count)
        // A version, the session, and of 2 epochs 4 steps each and the epoch.
        #expect(records.count == 2 + 2 * 5)
        func holding(_ tag: String) -> Int { records.count { Data($0).range(of: Data(tag.utf8)) != nil } }
        #expect(holding("brain.Event:2") == 1)
        #expect(holding("step/loss") == 8 && holding("val_accuracy") == 2 && holding("learning_rate") == 2)
    }

    /// Events that cannot be written are told at the end, and the run is whole.
    @Test func eventsNeverStopARun() throws {
        let workspace = try Workspace.shared
        let out = try workspace.newFolder() + "/model.safetensors"
        try Data().write(to: URL(fileURLWithPath: out + ".events"))
        let outcome = try sora(
            ["train", "--data", workspace.clips, "--out", out, "--epochs", "1"] + Workspace.quick)
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("\(out).events/events.out.tfevents."))
        #expect(try lines(out + ".history.csv").count == 2)
    }

    /// A resumed run adds a file; one that is begun anew replaces them.
    @Test func sessionsOfARunAddUp() throws {
        let workspace = try Workspace.shared
        let out = try workspace.newFolder() + "/model.safetensors"
        func train(_ options: String...) throws -> [String] {
            let outcome = try sora(["train", "--data", workspace.clips, "--out", out] + Workspace.quick + options)
            #expect(outcome.status == 0, "\(outcome.errors)")
            return try FileManager.default.contentsOfDirectory(atPath: out + ".events").sorted()
        }
        let first = try train("--epochs", "1", "--decay", "constant")
        let both = try train("--epochs", "2", "--decay", "constant", "--resume")
        #expect(first.count == 1 && both.count == 2 && both.first == first.first)
        let anew = try train("--epochs", "1")
        #expect(anew.count == 1 && !both.contains(anew[0]))
    }

    @Test func runs() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let header = "epoch,loss,accuracy,val_loss,val_accuracy,val_f1,learning_rate,seconds\n"
        for (name, row) in [("good", "1,0.5,0.9,0.4,0.8,0.75,0.001,75"), ("bad", "1,0.5,0.9,0.4,0.8,x,0.001,10")] {
            try Data((header + row).utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).history.csv"))
        }
        let picture = folder + "/curves.svg"
        let text = try sora("runs", folder, workspace.model, "--plot", picture)
        #expect(text.status == 1)
        #expect(text.lines.count == 3 && text.lines[0].hasPrefix("model "))
        let row = try #require(text.lines.first { $0.hasPrefix("\(folder)/good ") })
        #expect(
            row.hasSuffix("  -                    -        1        1   0.7500   0.8000   0.4000   0.5000     1:15"),
            "\(row)")
        #expect(
            text.lines.contains {
                $0.hasPrefix("\(workspace.model) ") && $0.contains(" small                4        2")
            })
        #expect(text.errors.contains("\(folder)/bad.history.csv: line 2 is not an epoch's"))
        #expect(text.errors.contains("1 of 3 files failed"))
        #expect(String(decoding: try bytes(picture), as: UTF8.self).hasPrefix("<svg "))
        let json = try sora("runs", workspace.model, "--json").objects()
        #expect(json.count == 1 && json[0]["preset"] as? String == "small" && json[0]["epochs"] as? Int == 2)
        let settings = try #require(json[0]["settings"] as? [String: String])
        #expect(settings["epochs"] == "2" && settings.values.contains("32"))
        let other = folder + "/other.safetensors"
        let trained = try sora(
            ["train", "--data", workspace.clips, "--out", other, "--epochs", "1", "--focal", "1.5"] + Workspace.quick)
        #expect(trained.status == 0, "\(trained.errors)")
        let compared = try sora("runs", workspace.model, other)
        #expect(compared.output.contains("settings that differ"), "\(compared.output)")
        #expect(compared.lines.contains { $0.hasPrefix(other) && $0.hasSuffix("epochs 1, focusing 1.5") })
        let none = try sora("runs", try workspace.newFolder())
        #expect(none.status == 1 && none.errors.contains("holds no *.history.csv"))
    }

    @Test func predictionsAsTables() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let files = [workspace.clip, workspace.text, workspace.other]
        for name in ["npy", "csv", "jsonl"] {
            let outcome = try sora(["classify", workspace.model, "--out", "\(folder)/p.\(name)"] + files)
            #expect(outcome.status == 1)
            #expect(outcome.output == "2 files, 4 labels -> \(folder)/p.\(name)\n")
        }
        #expect(try array("\(folder)/p.npy").header.contains("(2, 4)"))
        #expect(try lines("\(folder)/p.npy.paths.txt") == [workspace.clip, workspace.other])
        #expect(try lines("\(folder)/p.npy.labels.txt") == Workspace.classes)
        let table = try lines("\(folder)/p.csv")
        let columns = "path,label,probability,damaged_frames,p_grow,p_move-left,p_move-right,p_shrink"
        #expect(table.count == 3 && table[0] == columns)
        let objects = try lines("\(folder)/p.jsonl").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(
            objects.map { Set($0.keys) }
                == Array(repeating: Set(columns.split(separator: ",").map(String.init)), count: 2))
        #expect(objects.map { $0["path"] as? String } == [workspace.clip, workspace.other])
        for object in objects {
            let label = try #require(object["label"] as? String)
            #expect(object["probability"] as? Double == object["p_\(label)"] as? Double)
        }
    }
}
