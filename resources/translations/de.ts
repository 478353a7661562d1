<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name></name>
    <message>
        <source>&amp;New project ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open project ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the &amp;demo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Close project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labels as a &amp;CSV table ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images in &amp;folders by class ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The trained &amp;model ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the last label back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do again what was undone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Accept suggestion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take what the model suggests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept all s&amp;ure suggestions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take all that are sure enough</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Skip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put this image aside without a label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uns&amp;ure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put it aside because you cannot tell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Not any class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It shows nothing of the classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Bad image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It cannot be used: blurred, cut off, wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Note ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write something about this image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;lear label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the chosen images open again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next &amp;open image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the next unlabelled image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Previous open image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go back to an unlabelled image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Go to image ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By its number or a part of its name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find a class ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a part of its name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Edit classes ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add, rename, merge, order, colour, keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use as e&amp;xample</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show these images wherever their class is explained; again: no longer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;One by one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show one large image instead of the grid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Review ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look through labels, likely mistakes first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Map of the pool ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the model sees the images; draw around some</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Agreement ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where several people disagree, and how far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Who is labelling ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The name that labels are kept under</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Label again, blind ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label what others have labelled, without seeing their answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the &amp;batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show or &amp;hide suggestions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Group by suggested class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Train</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learn from all the labels, then choose the next batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Pause or go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let the training rest, or go on with it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>St&amp;op</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End the training; what was learnt is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Next batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the next batch, or choose one with the model there is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Rounds ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strategy, network, recipe, device, size of a batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Oracle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let the hidden labels answer for you (for experiments)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Experiments ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare strategies over seeds; hidden labels answer, on a copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Larger thumbnails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Smaller thumbnails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find a command ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a part of what you want to do</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Tour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The window in under a minute</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Change keys ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which key does what</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save a &amp;bug report ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Versions and logs in one file; no images, no labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alike</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cohen&apos;s κ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Agreement of every two people</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image was labelled by two people yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) were labelled differently.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Fleiss&apos; κ of all: {kappa}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show conflicts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images of this batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>skipped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unsure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not any class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bad image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is suggested with {share}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image {place} of {total}, {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no suggestion to accept here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n suggestion(s) accepted. Ctrl+Z takes them back.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Give the image its class first; then it can be an example.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) are no examples any more.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) are examples of their class now.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Ctrl+Z takes your answer back; those of others stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This project is open read-only: nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing left to undo or redo that way.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) of an earlier batch</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>No batch has been learnt yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The last batch learnt: %n label(s).</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The model before had foreseen {foreseen} of {compared}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Held-out accuracy {before} → {after}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most gained: {best} {gain}; most lost: {worst} {loss} (points).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labels of each class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labels of each class, in full colour those of the batch learnt last; behind them the held-out accuracy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Description</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New names, one a line or with commas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New class names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names in a text file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give all images of “{name}” the class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Merge classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) of {source} are {target} now.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Two classes at least have to stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Examples of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} has no examples: {key} makes one of a labelled image in the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Merge into ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Archive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From a file ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A key is one letter or digit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} has another meaning already ({meaning}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label as {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add, rename, merge, order, colour, keys  (Ctrl+K)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key {key}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) are labelled {name}.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Examples of the class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete takes an example away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New experiment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One run for each: 0 1 2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Add to the queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Random images &amp;first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;More in each cycle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Cycles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S&amp;eeds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Na&amp;me</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seeds are whole numbers, such as 0 1 2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>labelled images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>held-out accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Curves of the experiments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Experiments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the experiments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add an experiment, then run the queue. Hidden labels answer, on a copy of the project: your own labels are not touched.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {total} cycles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The command of “{name}” is in the clipboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Figures (*.png *.svg *.pdf)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Run the queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy as a c&amp;ommand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save &amp;figure ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save &amp;table ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seeds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Queue of experiments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export: {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save a bug report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} holds versions and logs, no images and no labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Map of the pool</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw around images with the mouse to look through and label them. Two principal components of the newest model&apos;s features; rings are the batch.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} images are in the window now; Shift+R goes back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no image inside that line.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Part of a name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1–9, 0, or a class&apos;s letter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the class, to all that is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arrows, Shift, Ctrl, mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move and select</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of this batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{place} of {total}  ·  Shift+R: back to the batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choosing the first images ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>chosen at random</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>chosen by CoreSet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>chosen by {strategy}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Round {number}, {chosen}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {total} done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training on the labels so far. You can go on labelling.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The map has to wait until the model is trained.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused. {key} goes on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Going on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopping ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The experiments are done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A model is trained, and the next batch is ready.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trained. The next batch is chosen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped. What was learnt is kept; N chooses a batch with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trained. No image is left to choose: the whole pool is labelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory was short: trained in batches of {batch_size}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>classification</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>contrastive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>epoch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>labelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>held out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This round</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All rounds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> (read-only)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Making {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preparing the demo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finishing {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;System colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L&amp;ight colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Dark colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Go</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L&amp;anguage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That of the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The language changes when the program starts again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>labels that are given</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hidden labels, for the oracle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(.csv) its column &apos;label&apos; holds given labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(.csv) its column &apos;label&apos; holds hidden labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder, .zip or .csv, or one of {names}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A new folder for what you label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cat, dog, ...   (empty: as the folders are named)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Optional: labelled images to measure the accuracy on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Project folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Folder names are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Held-out images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Training resolution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images stay where they are and are never changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{stem} labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images (*.zip *.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Browse ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A .zip or .csv file ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The oracle labelled %n image(s).</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Open read-only: nothing can be changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learning is paused: {pause} goes on, {stop} ends it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learning – you can go on labelling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The next batch is ready: press {key}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batch done: press {key} to train and get the next one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1–9, 0 label · {accept} accept · {skip} skip · {undo} undo · {keys} keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The current image, large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{place} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{stage}: {done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You can look at it meanwhile, but not change it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open read-only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The newest backup, with the labels given since, can take its place. The damaged file is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number in this batch, or a part of the name:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image of this project is called “{wanted}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Review: people disagree</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nobody else has labelled anything that {name} has not. Is the name right?</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>How many images (others have labelled %n that you have not):</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Label again, blind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labelling again, blind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who is labelling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your name:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labels are kept as {annotator}&apos;s from now on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drawn around on the map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Likely mistakes first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least sure first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Surest first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Skipped without a reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not any class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bad image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With a note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepted suggestions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Review</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Anybody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Round {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any round</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Review: {order}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n image(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Review: labelled {label}, {suggested} to the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} labelled {label}, {suggested} to the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Annotator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Round</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labels against the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Labels (rows) against the newest model; click a cell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Once a model is trained, it can point at likely mistakes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Strategy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CoreSet: images that differ most from those labelled so far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Random: a fair sample, to compare with or to measure by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ResNet, small: for computers without a GPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ResNet-18: the paper&apos;s second network; wants a GPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>VGG-16: the paper&apos;s network for CIFAR-10; wants a GPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wide ResNet 28-2: small images, wants a GPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wide ResNet 28-10: the largest; wants a large GPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quick: under a minute for small pools, grows slowly</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paper: 200 epochs as published; hours without a GPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The fastest that is there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Processor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NVIDIA GPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apple GPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rounds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Train as soon as a batch is done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same rounds without a window, answered by hidden labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same as a command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> seconds before each image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers the whole batch at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As a command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images called “{name}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The next batch is ready; N shows it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The next batch is ready; {left} images are open in this one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All are labelled again. Agreement, in the menu Go, shows where you differ.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This batch is done. Press T to train on it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it does</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click a key and press another one. Digits and letters of classes win.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As they were</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{keys} is the key of “{name}” already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All keys are as they were.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The current image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} accepts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suggestions (H)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show what the model would answer; hide it where it might sway you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Group by class (G)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put images of one suggested class beside each other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least confidence of suggestions that are accepted at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept all from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept every suggestion that is at least so sure  (Shift+Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{sure} of {count} open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not readable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press a number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These images were chosen for you. A number gives the class, and the next open image is current at once. Select several with Shift, Ctrl or the mouse: one key labels them all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The classes and their keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A click does what the key does. “Edit” adds, renames and merges classes; no label is ever lost by it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has to be saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A label that you see is on the disk. {undo} takes back, without limit, even tomorrow. {skip} skips what you are not sure of.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A model learns beside you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When the batch is done, press {train}. The model trains, chooses the images that it can learn most from, and suggests their classes. Go on labelling meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything has a key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This line says what is going on. {keys} lists the keys, {commands} finds anything by a part of its name; Help → Tour shows this again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Skip the tour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Begin labelling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not trained yet. Label a batch, then press T.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Trained on %n label(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Stopped; there were %n label(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Failed; there were %n label(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Training on %n label(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>, {seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, held-out {accuracy}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{duration} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Epoch {epoch}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loss {losses}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>accuracy {accuracy}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label some images. A model learns beside you
and picks the next ones, so that you label far fewer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New project ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open project ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try the demo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unpacking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drawing the demo images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evaluating</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading features</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Selecting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folders named by class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trained model (safetensors)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
