{#- The style of one layer as QGIS 3.22 and newer read it. Colours are written as numbers: some
    versions do not read `#rrggbb` here. `light` is the share of white that is mixed in. -#}
{%- set digits = {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9,
                  "a": 10, "b": 11, "c": 12, "d": 13, "e": 14, "f": 15} -%}
{%- macro part(colour, at, light) -%}
{%- set value = digits[colour[at:at + 1]] * 16 + digits[colour[at + 1:at + 2]] -%}
{{- (value + (255 - value) * light)|round|int -}}
{%- endmacro -%}
{%- macro rgba(colour, light, alpha) -%}
{{- part(colour|lower, 1, light) }},{{ part(colour|lower, 3, light) }},{{ part(colour|lower, 5, light) }},{{ alpha -}}
{%- endmacro -%}
{%- macro option(name, value) %}<Option name="{{ name }}" type="QString" value="{{ value }}"/>{% endmacro -%}

{#- A fill without an outline. -#}
{%- macro wash(class, light, alpha) %}
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            {{ option("color", rgba(class.fill, light, alpha)) }}
            {{ option("style", "solid") }}
            {{ option("outline_style", "no") }}
          </Option>
        </layer>
{%- endmacro -%}

{#- An outline without a fill. -#}
{%- macro outline(colour, width) %}
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            {{ option("style", "no") }}
            {{ option("outline_color", colour) }}
            {{ option("outline_style", "solid") }}
            {{ option("outline_width", width) }}
            {{ option("outline_width_unit", "MM") }}
            {{ option("joinstyle", "round") }}
          </Option>
        </layer>
{%- endmacro -%}

{%- macro lines(class, angle, inner) %}
        <layer class="LinePatternFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            {{ option("angle", angle) }}
            {{ option("distance", "1.8") }}
            {{ option("distance_unit", "MM") }}
            {{ option("line_width", "0.26") }}
            {{ option("line_width_unit", "MM") }}
            {{ option("color", rgba(class.stroke, 0, 255)) }}
          </Option>
          <symbol name="{{ inner }}" type="line" alpha="1" clip_to_extent="1" force_rhr="0">
            <layer class="SimpleLine" enabled="1" locked="0" pass="0">
              <Option type="Map">
                {{ option("line_color", rgba(class.stroke, 0, 255)) }}
                {{ option("line_width", "0.26") }}
                {{ option("line_width_unit", "MM") }}
                {{ option("line_style", "solid") }}
                {{ option("capstyle", "square") }}
              </Option>
            </layer>
          </symbol>
        </layer>
{%- endmacro -%}

{%- macro dots(class, inner) %}
        <layer class="PointPatternFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            {{ option("distance_x", "1.7") }}
            {{ option("distance_x_unit", "MM") }}
            {{ option("distance_y", "1.5") }}
            {{ option("distance_y_unit", "MM") }}
            {{ option("displacement_x", "0.85") }}
            {{ option("displacement_x_unit", "MM") }}
            {{ option("displacement_y", "0") }}
            {{ option("displacement_y_unit", "MM") }}
          </Option>
          <symbol name="{{ inner }}" type="marker" alpha="1" clip_to_extent="1" force_rhr="0">
            <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
              <Option type="Map">
                {{ option("name", "circle") }}
                {{ option("color", rgba(class.stroke, 0, 255)) }}
                {{ option("outline_style", "no") }}
                {{ option("size", "0.7") }}
                {{ option("size_unit", "MM") }}
              </Option>
            </layer>
          </symbol>
        </layer>
{%- endmacro -%}

{%- macro area(class, at) %}
      <symbol name="{{ at }}" type="fill" alpha="1" clip_to_extent="1" force_rhr="0">
        {%- if class.pattern == "plain" %}{{ wash(class, 0, 191) }}
        {%- else %}{{ wash(class, 0.55, 191) }}
        {%- endif %}
        {%- if class.pattern == "hatch" %}{{ lines(class, 45, "@" ~ at ~ "@1") }}
        {%- elif class.pattern == "dots" %}{{ dots(class, "@" ~ at ~ "@1") }}
        {%- elif class.pattern == "cross" %}{{ lines(class, 0, "@" ~ at ~ "@1") }}{{ lines(class, 90, "@" ~ at ~ "@2") }}
        {%- endif %}
        {#- Overlaps and gaps are often too thin to show a fill: they are lines on the layers below. #}
        {%- if layer.name == "errors" %}
        {{- outline("255,255,255,230", "1.7") }}
        {{- outline(rgba(class.stroke, 0, 255), "0.9") }}
        {%- else %}
        {{- outline(rgba(class.stroke, 0, 255), "0.4") }}
        {%- endif %}
      </symbol>
{%- endmacro -%}

{%- macro spot(class, at) %}
      <symbol name="{{ at }}" type="marker" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
          <Option type="Map">
            {{ option("name", class.shape) }}
            {{ option("color", rgba(class.fill, 0, 204)) }}
            {{ option("outline_color", rgba(class.stroke, 0, 255)) }}
            {{ option("outline_style", "solid") }}
            {{ option("outline_width", "0.3") }}
            {{ option("outline_width_unit", "MM") }}
            {{ option("joinstyle", "round") }}
            {#- A triangle and a diamond of the same width cover half of the area. #}
            {{ option("size", "3.2" if class.shape in ["triangle", "diamond"] else "2.6") }}
            {{ option("size_unit", "MM") }}
          </Option>
        </layer>
      </symbol>
{%- endmacro -%}
<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="LayerConfiguration|Symbology|Labeling|Fields|Forms|MapTips|Notes" readOnly="0" hasScaleBasedVisibilityFlag="0" labelsEnabled="{{ 1 if layer.label else 0 }}">
  <flags>
    <Identifiable>1</Identifiable>
    <Removable>1</Removable>
    <Searchable>1</Searchable>
  </flags>
  <userNotes value="{{ layer.title }}"/>
  <renderer-v2 type="categorizedSymbol" attr="{{ layer.field }}" enableorderby="0" forceraster="0" symbollevels="0">
    <categories>
      {%- for class in layer.classes %}
      <category symbol="{{ loop.index0 }}" value="{{ class.value }}" type="string" label="{{ class.label }}" render="true"/>
      {%- endfor %}
    </categories>
    <symbols>
      {%- for class in layer.classes %}
      {{- spot(class, loop.index0) if layer.geometry == "point" else area(class, loop.index0) }}
      {%- endfor %}
    </symbols>
    <rotation/>
    <sizescale/>
  </renderer-v2>
  {%- if layer.label %}
  {#- Visible from the scale `scaleMax` on and closer. #}
  <labeling type="simple">
    <settings calloutType="simple">
      <text-style fieldName="{{ layer.label }}" isExpression="0" fontFamily="Microsoft YaHei" namedStyle="Regular" fontSize="8" fontSizeUnit="Point" fontWeight="50" fontItalic="0" textColor="24,32,43,255" textOpacity="1" multilineHeight="1" allowHtml="0" blendMode="0">
        <families>
          <family name="Noto Sans CJK SC"/>
          <family name="Source Han Sans SC"/>
          <family name="PingFang SC"/>
          <family name="WenQuanYi Micro Hei"/>
          <family name="SimHei"/>
          <family name="Noto Sans"/>
        </families>
        <text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="0.9" bufferNoFill="1" bufferJoinStyle="128" bufferBlendMode="0"/>
      </text-style>
      <text-format wrapChar="" autoWrapLength="0" multilineAlign="1"/>
      {%- if layer.geometry == "point" %}
      <placement placement="6" predefinedPositionOrder="TR,R,BR,TL,L,BL,TSR,BSR" dist="0.6" distUnits="MM" offsetType="1" priority="5"/>
      {%- else %}
      <placement placement="1" centroidWhole="1" centroidInside="1" dist="0" distUnits="MM" priority="5" polygonPlacementFlags="2"/>
      {%- endif %}
      <rendering drawLabels="1" scaleVisibility="1" scaleMin="0" scaleMax="{{ 10000 if layer.geometry == "point" else 20000 }}" displayAll="0" obstacle="1" obstacleType="{{ 0 if layer.geometry == "point" else 1 }}" obstacleFactor="0.5" upsidedownLabels="0" fontLimitPixelSize="0" minFeatureSize="0" limitNumLabels="0" zIndex="{{ 1 if layer.geometry == "point" else 0 }}"/>
    </settings>
  </labeling>
  {%- endif %}
  <blendMode>0</blendMode>
  <featureBlendMode>0</featureBlendMode>
  <layerOpacity>1</layerOpacity>
  {#- In tables and forms the class is shown by its label. #}
  <fieldConfiguration>
    <field name="{{ layer.field }}" configurationFlags="None">
      <editWidget type="ValueMap">
        <config>
          <Option type="Map">
            <Option name="map" type="List">
              {%- for class in layer.classes %}
              <Option type="Map">
                {{ option(class.label, class.value) }}
              </Option>
              {%- endfor %}
            </Option>
          </Option>
        </config>
      </editWidget>
    </field>
  </fieldConfiguration>
  <aliases>
    {%- for field in layer.aliases %}
    <alias index="{{ loop.index0 }}" field="{{ field.name }}" name="{{ field.alias }}"/>
    {%- endfor %}
  </aliases>
  {%- if layer.label %}
  <previewExpression>&quot;{{ layer.label }}&quot;</previewExpression>
  <mapTip enabled="1">&lt;b&gt;[% &quot;{{ layer.label }}&quot; %]&lt;/b&gt;&lt;br/&gt;{{ layer.title }}</mapTip>
  {%- endif %}
  <layerGeometryType>{{ 0 if layer.geometry == "point" else 2 }}</layerGeometryType>
</qgis>
