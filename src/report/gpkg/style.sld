{#- The style of one layer for GeoServer, SuperMap and others. Only the marks of the standard are
    named, which all of them know; QGIS reads crosses from here but no dots, its own style has
    them. Sizes are pixels of 0.28 mm. -#}
{%- macro css(name, value) %}<CssParameter name="{{ name }}">{{ value }}</CssParameter>{% endmacro -%}

{%- macro outline(class) %}
            <Stroke>
              {{ css("stroke", class.stroke) }}
              {{ css("stroke-width", "1") }}
              {{ css("stroke-linejoin", "round") }}
            </Stroke>
{%- endmacro -%}

{%- macro area(class) %}
          <PolygonSymbolizer>
            <Fill>
              {{ css("fill", class.fill) }}
              {{ css("fill-opacity", "0.75" if class.pattern == "plain" else "0.35") }}
            </Fill>
            {{- outline(class) }}
          </PolygonSymbolizer>
          {%- if class.pattern != "plain" %}
          <PolygonSymbolizer>
            <Fill>
              <GraphicFill>
                <Graphic>
                  <Mark>
                    {%- if class.pattern == "dots" %}
                    <WellKnownName>circle</WellKnownName>
                    <Fill>
                      {{ css("fill", class.stroke) }}
                    </Fill>
                    {%- else %}
                    <WellKnownName>{{ "cross" if class.pattern == "cross" else "x" }}</WellKnownName>
                    <Stroke>
                      {{ css("stroke", class.stroke) }}
                      {{ css("stroke-width", "1") }}
                    </Stroke>
                    {%- endif %}
                  </Mark>
                  <Size>{{ "3" if class.pattern == "dots" else "6" }}</Size>
                </Graphic>
              </GraphicFill>
            </Fill>
            <VendorOption name="graphic-margin">{{ "2" if class.pattern == "dots" else "1" }}</VendorOption>
          </PolygonSymbolizer>
          {%- endif %}
{%- endmacro -%}

{%- macro spot(class) %}
          <PointSymbolizer>
            <Graphic>
              <Mark>
                <WellKnownName>{{ "square" if class.shape == "diamond" else class.shape }}</WellKnownName>
                <Fill>
                  {{ css("fill", class.fill) }}
                  {{ css("fill-opacity", "0.8") }}
                </Fill>
                <Stroke>
                  {{ css("stroke", class.stroke) }}
                  {{ css("stroke-width", "1") }}
                </Stroke>
              </Mark>
              <Size>{{ "11" if class.shape == "triangle" else "9" }}</Size>
              {%- if class.shape == "diamond" %}
              <Rotation>45</Rotation>
              {%- endif %}
            </Graphic>
          </PointSymbolizer>
{%- endmacro -%}
<?xml version="1.0" encoding="UTF-8"?>
<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.opengis.net/sld http://schemas.opengis.net/sld/1.0.0/StyledLayerDescriptor.xsd">
  <NamedLayer>
    <Name>{{ layer.name }}</Name>
    <UserStyle>
      <Name>{{ layer.name }}</Name>
      <Title>{{ layer.title }}</Title>
      <FeatureTypeStyle>
        {%- for class in layer.classes %}
        <Rule>
          <Name>{{ class.value }}</Name>
          <Title>{{ class.label }}</Title>
          <ogc:Filter>
            <ogc:PropertyIsEqualTo>
              <ogc:PropertyName>{{ layer.field }}</ogc:PropertyName>
              <ogc:Literal>{{ class.value }}</ogc:Literal>
            </ogc:PropertyIsEqualTo>
          </ogc:Filter>
          {{- spot(class) if layer.geometry == "point" else area(class) }}
        </Rule>
        {%- endfor %}
      </FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
