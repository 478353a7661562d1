<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name></name>
    <message numerus="yes">
        <source>%n image(s) were labelled differently.</source>
        <translation>
            <numerusform>%n image was labelled differently.</numerusform>
            <numerusform>%n images were labelled differently.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them wait(s) for a decision.</source>
        <translation>
            <numerusform>%n of them waits for a decision.</numerusform>
            <numerusform>%n of them wait for a decision.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) cannot be shown and were not labelled.</source>
        <translation>
            <numerusform>%n image cannot be shown and was not labelled.</numerusform>
            <numerusform>%n images cannot be shown and were not labelled.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) checked. {undo} undoes this.</source>
        <translation>
            <numerusform>%n label checked. {undo} undoes this.</numerusform>
            <numerusform>%n labels checked. {undo} undoes this.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n suggestion(s) accepted. {undo} undoes this.</source>
        <translation>
            <numerusform>%n suggestion accepted. {undo} undoes this.</numerusform>
            <numerusform>%n suggestions accepted. {undo} undoes this.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) labelled by the model. {undo} undoes this.</source>
        <translation>
            <numerusform>%n image labelled by the model. {undo} undoes this.</numerusform>
            <numerusform>%n images labelled by the model. {undo} undoes this.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) no longer serve as examples.</source>
        <translation>
            <numerusform>%n image no longer serves as an example.</numerusform>
            <numerusform>%n images no longer serve as examples.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) now serve as examples of their class.</source>
        <translation>
            <numerusform>%n image now serves as an example of its class.</numerusform>
            <numerusform>%n images now serve as examples of their class.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) now show what {name} is not.</source>
        <translation>
            <numerusform>%n image now shows what {name} is not.</numerusform>
            <numerusform>%n images now show what {name} is not.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) forgotten. {undo} brings them back.</source>
        <translation>
            <numerusform>%n image forgotten. {undo} brings it back.</numerusform>
            <numerusform>%n images forgotten. {undo} brings them back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) of an earlier batch</source>
        <translation>
            <numerusform>%n image of an earlier batch</numerusform>
            <numerusform>%n images of an earlier batch</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Removed %n model label(s).</source>
        <translation>
            <numerusform>Removed %n model label.</numerusform>
            <numerusform>Removed %n model labels.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Restored %n model label(s).</source>
        <translation>
            <numerusform>Restored %n model label.</numerusform>
            <numerusform>Restored %n model labels.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) keep a label given since by others or an import.</source>
        <translation>
            <numerusform>%n image keeps a label given since by others or an import.</numerusform>
            <numerusform>%n images keep labels given since by others or an import.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The oracle labelled %n image(s).</source>
        <translation>
            <numerusform>The oracle labelled %n image.</numerusform>
            <numerusform>The oracle labelled %n images.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>How many images (others have labelled %n that you haven&apos;t):</source>
        <translation>
            <numerusform>How many images (others have labelled %n that you haven&apos;t):</numerusform>
            <numerusform>How many images (others have labelled %n that you haven&apos;t):</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) imported.</source>
        <translation>
            <numerusform>%n label imported.</numerusform>
            <numerusform>%n labels imported.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s)</source>
        <translation>
            <numerusform>%n image</numerusform>
            <numerusform>%n images</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&amp;Hold out the %n image(s) of the test and validation splits</source>
        <translation>
            <numerusform>&amp;Hold out the %n image of the test and validation splits</numerusform>
            <numerusform>&amp;Hold out the %n images of the test and validation splits</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Trained on %n label(s)</source>
        <translation>
            <numerusform>Trained on %n label</numerusform>
            <numerusform>Trained on %n labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Stopped; there were %n label(s)</source>
        <translation>
            <numerusform>Stopped; there was %n label</numerusform>
            <numerusform>Stopped; there were %n labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Failed; there were %n label(s)</source>
        <translation>
            <numerusform>Failed; there was %n label</numerusform>
            <numerusform>Failed; there were %n labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Training on %n label(s)</source>
        <translation>
            <numerusform>Training on %n label</numerusform>
            <numerusform>Training on %n labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Fine-tuned on %n label(s): {fine_tuned}, linear {linear}</source>
        <translation>
            <numerusform>Fine-tuned on %n label: {fine_tuned}, linear {linear}</numerusform>
            <numerusform>Fine-tuned on %n labels: {fine_tuned}, linear {linear}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The linear head answers: {linear}, fine-tuned on %n label(s) {fine_tuned}</source>
        <translation>
            <numerusform>The linear head answers: {linear}, fine-tuned on %n label {fine_tuned}</numerusform>
            <numerusform>The linear head answers: {linear}, fine-tuned on %n labels {fine_tuned}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Last batch: %n label(s)</source>
        <translation>
            <numerusform>Last batch: %n label</numerusform>
            <numerusform>Last batch: %n labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) selected: {name}?</source>
        <translation>
            <numerusform>%n image selected: {name}?</numerusform>
            <numerusform>%n images selected: {name}?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) selected, {share} expected to be correct. Press {key} again to accept.</source>
        <translation>
            <numerusform>%n image selected, {share} expected to be correct. Press {key} again to accept.</numerusform>
            <numerusform>%n images selected, {share} expected to be correct. Press {key} again to accept.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them are out of view; {key} makes all fit.</source>
        <translation>
            <numerusform>%n of them is out of view; {key} makes all fit.</numerusform>
            <numerusform>%n of them are out of view; {key} makes all fit.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Next batch ready: %n image(s)</source>
        <translation>
            <numerusform>Next batch ready: %n image</numerusform>
            <numerusform>Next batch ready: %n images</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Also %n image(s) put aside</source>
        <translation>
            <numerusform>Also %n image put aside</numerusform>
            <numerusform>Also %n images put aside</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Also %n label(s) of the model</source>
        <translation>
            <numerusform>Also %n label of the model</numerusform>
            <numerusform>Also %n labels of the model</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Also %n held-out image(s)</source>
        <translation>
            <numerusform>Also %n held-out image</numerusform>
            <numerusform>Also %n held-out images</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s)</source>
        <translation>
            <numerusform>%n label</numerusform>
            <numerusform>%n labels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n put aside</source>
        <translation>
            <numerusform>%n put aside</numerusform>
            <numerusform>%n put aside</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) to import</source>
        <translation>
            <numerusform>%n label to import</numerusform>
            <numerusform>%n labels to import</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) to put aside</source>
        <translation>
            <numerusform>%n image to put aside</numerusform>
            <numerusform>%n images to put aside</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) already have the same label</source>
        <translation>
            <numerusform>%n image already has the same label</numerusform>
            <numerusform>%n images already have the same label</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) given by models left out</source>
        <translation>
            <numerusform>%n label given by a model left out</numerusform>
            <numerusform>%n labels given by models left out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) have a different label</source>
        <translation>
            <numerusform>%n image has a different label</numerusform>
            <numerusform>%n images have a different label</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) are not in the project</source>
        <translation>
            <numerusform>%n image is not in the project</numerusform>
            <numerusform>%n images are not in the project</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new image(s) in {folder}</source>
        <translation>
            <numerusform>%n new image in {folder}</numerusform>
            <numerusform>%n new images in {folder}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) written.</source>
        <translation>
            <numerusform>%n label written.</numerusform>
            <numerusform>%n labels written.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) moved from {source} to {target}.</source>
        <translation>
            <numerusform>%n image moved from {source} to {target}.</numerusform>
            <numerusform>%n images moved from {source} to {target}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n class(es) have a new key.</source>
        <translation>
            <numerusform>%n class has a new key.</numerusform>
            <numerusform>%n classes have new keys.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) could not be read and will be tried again.</source>
        <translation>
            <numerusform>%n image could not be read and will be tried again.</numerusform>
            <numerusform>%n images could not be read and will be tried again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Reviewed %n image(s)</source>
        <translation>
            <numerusform>Reviewed %n image</numerusform>
            <numerusform>Reviewed %n images</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) selected. A class key labels those without a label; Enter shows them.</source>
        <translation>
            <numerusform>%n image selected. A class key labels it unless it has a label; Enter shows it.</numerusform>
            <numerusform>%n images selected. A class key labels those without a label; Enter shows them.</numerusform>
        </translation>
    </message>
</context>
</TS>
